import { access, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  createRailwayContext,
  type BuildConfig,
  type DeployConfig,
  type ProjectDefinition,
  type ServiceNode,
} from 'railway/iac'
import { parse as parseToml } from 'smol-toml'
import program from '../../../.railway/railway.ts'
import { repositoryRoot } from '../../../packages/core/test/harness/run-program.ts'

/** Where each service's older form lies. */
const TOML_OF: Readonly<Record<string, string>> = {
  api: 'railway.toml',
  'symbol-batch': 'apps/symbol-batch/railway.toml',
  'portfolio-refresh': 'apps/portfolio-refresh/railway.toml',
}
const CRONS = ['symbol-batch', 'portfolio-refresh']

interface Deployment {
  readonly build: BuildConfig
  readonly deploy: DeployConfig
}

const fileAt = (path: string) => resolve(repositoryRoot, path)

const definition: ProjectDefinition = await program(
  createRailwayContext({ environment: 'production' }),
  (name, rest) => ({ name, ...rest }),
)
const services = (definition.resources ?? [])
  .flat()
  .filter((resource): resource is ServiceNode => resource.type === 'service')
const deployments: readonly (readonly [string, Deployment])[] = services.map(
  ({ name, build = {}, deploy = {} }) => [name, { build, deploy }],
)
const deploymentOf = (name: string) => deployments.find(([one]) => one === name)?.[1]

async function tomlOf(name: string): Promise<Deployment> {
  const text = await readFile(fileAt(TOML_OF[name] ?? ''), 'utf8')
  return parseToml(text) as unknown as Deployment
}

/** Watched paths have no order. */
function inOrder({ build, deploy }: Deployment): Deployment {
  return { build: { ...build, watchPatterns: build.watchPatterns?.toSorted() ?? [] }, deploy }
}

describe('the deployment on Railway', () => {
  test('is three services of one repository over one database', () => {
    expect(services.map(({ name }) => name)).toEqual(Object.keys(TOML_OF))
    const sources = services.map(({ source }) => JSON.stringify(source))
    expect(new Set(sources).size).toBe(1)
    for (const { variables } of services) {
      expect(variables?.['DATABASE_URL']).toEqual({
        type: 'reference',
        resource: 'database.postgres',
        output: 'DATABASE_URL',
      })
    }
  })

  test.each(deployments)('%s is the same in both forms', async (name, deployment) => {
    expect(inOrder(await tomlOf(name))).toEqual(inOrder(deployment))
  })

  test.each(deployments)(
    '%s starts Node on a file that there is',
    async (_name, { build, deploy }) => {
      const commands = [
        deploy.startCommand,
        ...(deploy.preDeployCommand ?? []),
        build.buildCommand ?? deploy.startCommand,
      ]
      for (const command of commands) {
        const [, file = ''] = /^node ([\w/.-]+\.ts)(?: [\w-]+)*$/.exec(command ?? '') ?? []
        await access(fileAt(file))
      }
    },
  )

  test('starts each service with a command of its own', () => {
    const commands = deployments.map(([, { deploy }]) => deploy.startCommand)
    expect(new Set(commands).size).toBe(commands.length)
  })

  test('runs the nights after the close and never again by itself', () => {
    expect(CRONS.map((name) => deploymentOf(name)?.deploy)).toEqual([
      expect.objectContaining({ cronSchedule: '0 1 * * 2-6', restartPolicyType: 'NEVER' }),
      expect.objectContaining({ cronSchedule: '30 1 * * 2-6', restartPolicyType: 'NEVER' }),
    ])
    expect(deploymentOf('api')?.deploy.cronSchedule).toBeUndefined()
  })

  test('gives every service a minute to finish', () => {
    for (const [, { deploy }] of deployments) expect(deploy.drainingSeconds).toBe(60)
  })

  test('migrates before the API is replaced, and only there', () => {
    const migrating = deployments.filter(([, { deploy }]) => deploy.preDeployCommand !== undefined)
    expect(migrating.map(([name]) => name)).toEqual(['api'])
    expect(deploymentOf('api')?.deploy).toMatchObject({
      preDeployCommand: ['node scripts/src/ops/main.ts migrate'],
      healthcheckPath: '/health/ready',
    })
  })

  test.each(deployments)('%s is deployed again for what it is made of', async (name, { build }) => {
    const watched = build.watchPatterns ?? []
    const made = ['/packages/core/**', '/pnpm-lock.yaml', '/package.json', '/pnpm-workspace.yaml']
    // The API starts the nightly programs as well.
    expect(watched).toEqual(
      expect.arrayContaining([...made, name === 'api' ? '/apps/**' : `/apps/${name}/**`]),
    )
    for (const pattern of watched) await access(fileAt(pattern.replace(/^\/|\/\*\*$/g, '')))
  })

  test('sets only variables that the programs read, and no secret', async () => {
    const example = await readFile(fileAt('.env.example'), 'utf8')
    for (const { variables = {} } of services) {
      for (const [name, value] of Object.entries(variables)) {
        expect(example).toMatch(new RegExp(`^# ${name}=`, 'm'))
        if (value.type === 'literal')
          expect([name, value.value]).toEqual(['ENVIRONMENT', 'production'])
      }
    }
  })
})
