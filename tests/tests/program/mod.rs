//! The program itself: crashes, backup, official clients.

mod crash;
