import { TextField } from '../../platform/http/input/index.js';

/** Who is to make it. */
export function ProviderField(): PropertyDecorator {
  return TextField({
    max: 60,
    optional: true,
    description:
      'Who is to make it: `built-in`, `openai-compatible` where the installation has such an endpoint, or another one ' +
      'that is set up; left out, the first that is set up, and else `built-in`.',
    example: 'built-in',
  });
}
