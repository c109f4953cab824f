/** Somebody with an account. */
export interface User {
  readonly id: string
  /** As it was typed; two that differ in case alone are the same. */
  readonly email: string
  readonly fullName: string
  readonly isAdmin: boolean
}
