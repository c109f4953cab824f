export { openPages } from './open-pages.ts'
export type { PageHandler } from './serve/page-handler.ts'
