import { IntegerField, TextListField } from '../../../platform/http/input/index.js';

/** The steps of a funnel. @param description how they are given */
export function StepsField(description: string): PropertyDecorator {
  return TextListField({
    item: { max: 620 },
    minItems: 2,
    maxItems: 8,
    description: `${description} Each is a kind of event, with \`:name\` and \`@page\` where only those are meant: \`page_view@/p/spring\`, \`custom:quiz done\`.`,
    example: ['visit', 'add_to_cart', 'conversion'],
  });
}

export function WindowField(): PropertyDecorator {
  return IntegerField({
    min: 1,
    max: 2_160,
    default: 168,
    description: 'How long a visitor has for all of it, from the first step on.',
  });
}
