import { format, resolveConfig } from 'prettier';
import { dataSchemaOf, EventCatalogue } from '../dist/src/platform/events/index.js';
import { writeOrCheck } from './generated-file.mjs';
import { offlineApplication } from './offline-application.mjs';

const INTRODUCTION = `# Events

Every type of event there is. What an event looks like and how to follow them is in [the guide](guides/events.md);
\`GET /event-types\` answers the same with a JSON Schema for each, and \`openapi.json\` has them as \`webhooks\`.
Fields may be added to a type: ignore what you do not know.

This page is made from what the features declare by \`npm run docs:events\`.

`;

const { app } = await offlineApplication();
const types = app.get(EventCatalogue).list();
const sent = types.filter(({ data }) => data !== null);
const reserved = types.filter(({ data }) => data === null);

const sections = sent.map(
  (type) => `## \`${type.type}\`\n\n${type.description}\n\n${tableOf(dataSchemaOf(type))}\n`,
);
const names = reserved.map(({ type, description }) => `| \`${type}\` | ${description} |`).join('\n');
const page = `${INTRODUCTION}${sections.join('\n')}
## Reserved

Nothing of these types is sent yet. They may be asked for already.

| type | when |
| ---- | ---- |
${names}
`;
const style = await resolveConfig(new URL('../docs/events.md', import.meta.url));
writeOrCheck('docs/events.md', await format(page, { ...style, parser: 'markdown' }), 'npm run docs:events');

/** The fields of an event's data. */
function tableOf({ properties = {} }) {
  const lines = Object.entries(properties).map(
    ([name, schema]) => `| \`${name}\` | ${kindOf(schema)} | ${cell(schema.description ?? '')} |`,
  );
  if (lines.length === 0) return 'It tells nothing more.';
  return ['| field | is | |', '| ----- | -- | -- |', ...lines].join('\n');
}

function kindOf(schema) {
  if (Array.isArray(schema.type))
    return schema.type.map((type) => (type === 'null' ? 'null' : kindOf({ ...schema, type }))).join(' or ');
  const choices = schema.anyOf?.filter(({ type }) => type !== 'null');
  if (schema.anyOf)
    return [...choices.map(kindOf), ...(choices.length < schema.anyOf.length ? ['null'] : [])].join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  const id = /^\^([a-z]+)_/.exec(schema.pattern ?? '');
  if (id) return `id, \`${id[1]}_…\``;
  if (schema.format === 'date-time') return 'time';
  if (schema.type === 'array')
    return `list of ${schema.items.properties ? 'objects' : `${kindOf(schema.items)}s`}`;
  return { integer: 'whole number', string: 'text', boolean: 'yes or no' }[schema.type] ?? 'object';
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}
