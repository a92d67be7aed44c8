//! A report that a letter couldn't be delivered (RFC 3464), as a mail server sends it to the return path. Anybody can send
//! one, so nothing of it is believed but what an address of our own making says, and that it says "never".

use mail_parser::{Message, MessageParser, MimeHeaders as _};

/// Reports larger than this aren't read.
pub const LARGEST: usize = 1 << 20;

/// What a report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Every address it was sent to, the most trusted first.
    pub sent_to: Vec<String>,
    /// The status of a letter that will never arrive, `5.x.y`; nothing if it is only late, or was delivered.
    pub failed: Option<String>,
}

/// Reads a report; `None` if it isn't one. `envelope`: the address a mail server was given for it, if it says.
#[must_use]
pub fn read(bytes: &[u8], envelope: Option<&str>) -> Option<Report> {
    if bytes.len() > LARGEST {
        return None;
    }
    let message = MessageParser::default().parse(bytes)?;
    let status = message.parts.iter().find(|part| {
        let kind = part.content_type();
        kind.is_some_and(|kind| {
            kind.ctype().eq_ignore_ascii_case("message")
                && kind.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("delivery-status"))
        })
    })?;
    let text = String::from_utf8_lossy(status.contents()).into_owned();
    let sent_to = envelope.map(str::to_owned).into_iter().chain(addresses(&message)).collect();
    Some(Report { sent_to, failed: failed(&text) })
}

fn addresses(message: &Message<'_>) -> Vec<String> {
    let named = ["Delivered-To", "X-Original-To"].iter().filter_map(|name| message.header_raw(*name));
    let named: Vec<String> = named.map(|value| value.trim().to_owned()).collect();
    let to = message.to().into_iter().flat_map(|to| to.iter().filter_map(|one| one.address()));
    named.into_iter().chain(to.map(str::to_owned)).collect()
}

/// Fields of recipients, one group each: the first that failed for good.
fn failed(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let field = |group: &str, name: &str| {
        group.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    text.split("\n\n").find_map(|group| {
        let action = field(group, "Action")?;
        let status = field(group, "Status")?;
        let status: String =
            status.chars().take_while(|c| c.is_ascii_digit() || *c == '.').take(16).collect();
        (action.eq_ignore_ascii_case("failed") && status.starts_with("5.")).then_some(status)
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// As Postfix writes it.
    pub(crate) fn report(to: &str, action: &str, status: &str) -> Vec<u8> {
        format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\r\nTo: {to}\r\n\
             Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B/mx.example\"\r\n\r\n\
             This is a MIME-encapsulated message.\r\n\r\n--B/mx.example\r\nContent-Description: Notification\r\n\
             Content-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry to have to inform you ...\r\n\r\n\
             --B/mx.example\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example\r\nArrival-Date: Mon, 27 Oct 2008 10:00:00 +0100 (CET)\r\n\r\n\
             Final-Recipient: rfc822; planted@nowhere.example\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--B/mx.example\r\n\
             Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n\r\n--B/mx.example--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn a_report_of_a_letter_that_never_arrives_is_read() {
        let read = read(&report("bounce+abc@malmo.example", "failed", "5.1.1"), None).unwrap();
        assert_eq!(read.failed.as_deref(), Some("5.1.1"));
        assert_eq!(read.sent_to, ["bounce+abc@malmo.example"]);
    }

    #[test]
    fn the_envelope_is_asked_first() {
        let read = read(&report("a@b.example", "failed", "5.1.1 (no)"), Some("bounce+x@y")).unwrap();
        assert_eq!(read.sent_to, ["bounce+x@y", "a@b.example"]);
        assert_eq!(read.failed.as_deref(), Some("5.1.1"));
    }

    #[test]
    fn what_is_late_or_delivered_has_not_failed() {
        for (action, status) in [("delayed", "4.4.7"), ("delivered", "2.0.0"), ("failed", "4.2.2")] {
            let read = read(&report("a@b.example", action, status), None).unwrap();
            assert_eq!(read.failed, None, "{action} {status}");
        }
    }

    #[test]
    fn what_is_no_report_is_none() {
        for other in [&b""[..], b"Subject: Out of office\r\n\r\nBack on Monday.\r\n", &[0xff; 4_000]] {
            assert_eq!(read(other, None), None);
        }
        assert_eq!(read(&vec![b'a'; LARGEST + 1], None), None);
    }

    #[test]
    fn hostile_bytes_never_panic_and_fail_no_letter_by_chance() {
        let whole = report("bounce+abc@malmo.example", "delayed", "4.4.7");
        for at in 0..whole.len() {
            assert_eq!(read(&whole[..at], None).and_then(|read| read.failed), None, "{at}");
            for byte in [0, b'\n', b'-', 0xff] {
                let mut changed = whole.clone();
                changed[at] = byte;
                assert_eq!(read(&changed, None).and_then(|read| read.failed), None, "{at} {byte}");
            }
        }
    }
}
