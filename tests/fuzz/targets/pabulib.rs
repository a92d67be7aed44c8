//! Feeds anything to `radslag_decoders::pabulib`, whose property it is.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| radslag_decoders::pabulib(data));
