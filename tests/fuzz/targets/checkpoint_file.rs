//! Feeds anything to `radslag_decoders::checkpoint_file`, whose property it is.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| radslag_decoders::checkpoint_file(data));
