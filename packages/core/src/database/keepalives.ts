/**
 * Has the server notice within a minute that a program vanished without a word (power, network): it must not
 * keep that program's locks for the two hours that an operating system waits by default.
 */
export const KEEPALIVES =
  'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3'
