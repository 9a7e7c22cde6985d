import * as z from 'zod'
import { allowedRoles, actions, type Action } from '../policies/roles.ts'
import { operations } from '../sandbox/door.ts'
import { queryFields } from './input.ts'
import {
  checkpointMedia,
  pathFields,
  resultMedia,
  routes,
  tileMedia,
  watchMedia,
} from './operations.ts'
import { problemSchema } from './problem.ts'

type Json = { readonly [name: string]: unknown }

/** The OpenAPI 3.1 document of all operations, made from `operations.ts`, `sandbox/door.ts` and `policies/roles.ts`. */
export const openApi = (): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Sluice 数闸',
    version: '1',
    summary: 'data that is usable but not visible 数据可用不可见',
  },
  servers: [{ url: '/' }],
  security: [{ key: [] }],
  paths: Object.fromEntries(
    [...new Set(actions.map((action) => routes[action].path))].map((path) => [
      path.replaceAll('+}', '}'),
      pathOf(path),
    ]),
  ),
  components: {
    securitySchemes: { key: { type: 'http', scheme: 'bearer', bearerFormat: 'sk_...' } },
    schemas: sharedSchemas(),
    responses: {
      problem: {
        description: 'a refusal (RFC 9457), in the language of Accept-Language',
        content: { 'application/problem+json': { schema: schemaOf(problemSchema, 'output') } },
      },
    },
  },
})

/** What several operations answer, once, by the id that its schema has. */
const sharedSchemas = (): Json =>
  Object.fromEntries(
    actions.flatMap((action) =>
      Object.entries(converted(operations[action].output, 'output').defs),
    ),
  )

const pathOf = (path: string): Json =>
  Object.fromEntries(
    actions
      .filter((action) => routes[action].path === path)
      .map((action) => [routes[action].method.toLowerCase(), operationOf(action)]),
  )

const operationOf = (action: Action): Json => {
  const { summary, status, body } = routes[action]
  return {
    operationId: action,
    tags: [action.split('/')[0]],
    summary: summary.en,
    description: summary.zh,
    'x-roles': allowedRoles[action],
    parameters: parametersOf(action),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            description: `at most ${body.bytesMax} bytes`,
            content: { [body.media]: { schema: bodySchemaOf(action) } },
          },
        }),
    responses: {
      [status]: { description: summary.en, content: contentOf(action) },
      default: { $ref: '#/components/responses/problem' },
    },
  }
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => converted(schema, io).schema

/** A schema as JSON Schema, and the schemas with an id that it refers to. */
const converted = (
  schema: z.ZodType,
  io: 'input' | 'output',
): { readonly schema: Json; readonly defs: Json } => {
  const text = JSON.stringify(z.toJSONSchema(z.object({ it: schema }), { io }))
  const { properties, $defs = {} } = JSON.parse(
    text.replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as { properties: { it: Json }; $defs?: Json }
  return { schema: properties.it, defs: $defs }
}

const inputOf = (action: Action): { properties: Json; required: readonly string[] } => {
  const { properties = {}, required = [] } = schemaOf(operations[action].input, 'input') as {
    properties?: Json
    required?: readonly string[]
  }
  return { properties, required }
}

const parametersOf = (action: Action): readonly Json[] => {
  const { properties, required } = inputOf(action)
  const place = (name: string, where: string): Json => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: properties[name],
  })
  const headers = {
    prefer: 'wait=N, N seconds up to 60',
    'idempotency-key': 'one per submission',
    'last-event-id': 'the last event that came, where a stream of events was cut',
    'if-match': 'the digest of the text that the new one was made from',
  }
  return [
    ...pathFields(routes[action]).map((name) => place(name, 'path')),
    ...[...queryFields(action)].map((name) => place(name, 'query')),
    ...(routes[action].headers ?? []).map((name) => ({
      name,
      in: 'header',
      description: headers[name],
      schema: { type: 'string', maxLength: 257 },
    })),
  ]
}

const bodySchemaOf = (action: Action): unknown => {
  const { properties, required } = inputOf(action)
  const field = routes[action].body?.field
  if (field !== undefined) return properties[field]
  const inPath = pathFields(routes[action])
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).filter(([name]) => !inPath.includes(name)),
    ),
    required: required.filter((name) => !inPath.includes(name)),
    additionalProperties: false,
  }
}

const contentOf = (action: Action): Json => {
  if (action === 'log/tile' || action === 'log/bundle')
    return {
      [tileMedia.bytes]: { schema: { type: 'string', format: 'binary' } },
      [tileMedia.json]: { schema: schemaOf(operations[action].output, 'output') },
    }
  if (action === 'log/checkpoint')
    return {
      [checkpointMedia.note]: { schema: { type: 'string' } },
      [checkpointMedia.json]: { schema: schemaOf(operations[action].output, 'output') },
    }
  if (action === 'submission/watch')
    return {
      [watchMedia.json]: { schema: schemaOf(operations[action].output, 'output') },
      [watchMedia.events]: { schema: { type: 'string' } },
    }
  if (action !== 'result/fetch')
    return { 'application/json': { schema: schemaOf(operations[action].output, 'output') } }
  const { output } = operations['result/fetch']
  return {
    [resultMedia.json]: { schema: schemaOf(output.shape.result, 'output') },
    [resultMedia.csv]: { schema: { type: 'string' } },
    [resultMedia.release]: { schema: schemaOf(output, 'output') },
  }
}
