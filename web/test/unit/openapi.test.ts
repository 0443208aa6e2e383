// The printed description of the API is OpenAPI 3.1 by the word of somebody else's validator.
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';

interface Operation {
  responses: Record<string, unknown>;
  [key: string]: unknown;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  [key: string]: unknown;
}

const read = () => JSON.parse(readFileSync(new URL('../../../docs/api/openapi.json', import.meta.url), 'utf8')) as Document;
const operation = (document: Document) => document.paths['/api/v1/customers']!.get!;

async function judge(document: Document) {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document);
  return { valid, version: validator.version, errors };
}

describe('docs/api/openapi.json', { timeout: 60_000 }, () => {
  it('is valid', async () => {
    expect(await judge(read())).toEqual({ valid: true, version: '3.1', errors: undefined });
  });

  it('points nowhere that is not there', () => {
    const document = read();
    const targets = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!);
    const at = (path: string) => path.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
    expect(targets.length).toBeGreaterThan(100);
    expect(targets.filter((path) => at(path) === undefined)).toEqual([]);
  });

  it.each<[string, (document: Document) => void]>([
    ['without what an answer is', (document) => delete operation(document).responses['200']!['description' as never]],
    ['with a schema of no known type', (document) => Object.assign(document, { components: { schemas: { customer: { type: 'money' } } } })],
    ['with a key that OpenAPI has not', (document) => Object.assign(operation(document), { answer: {} })],
    ['with a parameter that stands nowhere', (document) => Object.assign(operation(document), { parameters: [{ name: 'q', in: 'somewhere' }] })],
  ])('would be refused %s', async (_, breaks) => {
    const document = read();
    breaks(document);
    expect((await judge(document)).valid).toBe(false);
  });
});
