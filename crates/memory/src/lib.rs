//! The allocator of the whole program. It has a crate of its own because every request goes through it some
//! thousand times, and the crate of the commands, where it would stand otherwise, is not optimised.

/// Allocates for the whole program: threads come and go, and glibc's allocator keeps what they leave.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
