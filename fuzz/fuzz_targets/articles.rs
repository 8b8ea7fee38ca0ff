#![no_main]

libfuzzer_sys::fuzz_target!(init: keqiao_fuzz::prepare(), |input: &[u8]| keqiao_fuzz::articles(input));
