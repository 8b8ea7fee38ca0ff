#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| keqiao_fuzz::numbers(input));
