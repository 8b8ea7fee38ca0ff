//! End-to-end tests of the `keqiao` binary; see the folders beside this file.
