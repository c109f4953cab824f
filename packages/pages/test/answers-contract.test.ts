import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { ENDPOINTS } from '../../../apps/api/src/features/index.ts'
import { OPS_ROUTES } from './harness/ops-answers.ts'
import { PORTFOLIO_ROUTES } from './harness/portfolio-answers.ts'

/** Endpoints with words before those with parameters, as the server has them. */
const ORDERED = [...ENDPOINTS].sort((a, b) => rank(a.url) - rank(b.url))

function rank(url: string): number {
  return url.split(':').length
}

function schemaOf(route: string): z.ZodType {
  const [method = '', path = ''] = route.split(' ')
  const found = ORDERED.find(
    ({ url, method: own }) =>
      own === method && new RegExp(`^${url.replaceAll(/:\w+/g, '[^/]+')}$`).test(`/api/v1${path}`),
  )
  const answers = [found?.responses[200]].flat()
  const schema = answers.find((answer) => answer instanceof z.ZodType)
  if (schema === undefined) throw new Error(`${route} is no endpoint that answers JSON`)
  return schema
}

describe('what the tests of the pages answer is what the API answers to', () => {
  test.each(Object.entries({ ...PORTFOLIO_ROUTES, ...OPS_ROUTES }))('%s', (route, answer) => {
    const { body } = typeof answer === 'function' ? answer('') : answer
    expect(schemaOf(route).safeParse(body).error?.issues ?? []).toEqual([])
  })
})
