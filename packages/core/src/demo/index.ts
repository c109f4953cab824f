export { openDemoLogin } from './open-demo-login.ts'
export { seedDemo } from './seed-demo.ts'
export { verifyDemo } from './verify-demo.ts'
export { assertNoRealPrices } from './store/assert-no-real-prices.ts'
