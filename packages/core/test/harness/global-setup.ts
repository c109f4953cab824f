import { prepareTestServer } from './test-server.ts'

/** Runs once before all test files: their workers inherit the environment set here. */
export default async function globalSetup(): Promise<void> {
  const { url, template } = await prepareTestServer()
  process.env['SIGMASIGHT_TEST_SERVER'] = url
  process.env['SIGMASIGHT_TEST_TEMPLATE'] = template
}
