//! The kinds of streams a service has, and any event of it: what each kind says of its own events is said once, there.

use crate::Decider;

/// A kind of stream: its events are some of its service's.
pub trait Kind: Decider {
    /// Any event of the service.
    type Any;

    /// One of its events as any.
    fn any(event: Self::Event) -> Self::Any;

    /// Any event as one of its own.
    fn own(event: &Self::Any) -> Option<&Self::Event>;
}

/// Any event of a service whose kinds of streams are modules, each with a `Decider` and an `Event` that `Happens`.
///
/// `streams! { Panel panel, Member member, }` makes `enum Event { Panel(panel::Event), Member(member::Event) }`, a method
/// by each module's name that tells whether an event is of that kind, and `Kind` for each decider.
#[macro_export]
macro_rules! streams {
    ($($case:ident $module:ident,)*) => {
        /// An event of one of the streams.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each is what its module says")]
        pub enum Event {
            $($case($module::Event),)*
        }

        impl Event {
            $(
                /// The event, if it is of this kind of stream.
                #[must_use]
                pub const fn $module(&self) -> Option<&$module::Event> {
                    if let Self::$case(event) = self { Some(event) } else { None }
                }
            )*
        }

        impl $crate::Happens for Event {
            fn at(&self) -> $crate::Instant {
                match self { $(Self::$case(event) => $crate::Happens::at(event),)* }
            }

            fn item(&self) -> Option<$crate::ItemId> {
                match self { $(Self::$case(event) => $crate::Happens::item(event),)* }
            }

            fn erases(&self) -> Vec<$crate::KeyRef> {
                match self { $(Self::$case(event) => $crate::Happens::erases(event),)* }
            }
        }

        $(
            impl $crate::Kind for $module::Decider {
                type Any = Event;

                fn any(event: Self::Event) -> Event {
                    Event::$case(event)
                }

                fn own(event: &Event) -> Option<&Self::Event> {
                    event.$module()
                }
            }
        )*
    };
}
