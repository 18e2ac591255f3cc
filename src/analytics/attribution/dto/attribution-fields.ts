import { EnumField, IntegerField } from '../../../platform/http/input/index.js';
import { CREDITED, MODELS } from '../attribution-sql.js';

export function CreditedField(): PropertyDecorator {
  return EnumField({ values: CREDITED, default: 'channel', description: 'What the credit goes to.' });
}

export function LookbackField(): PropertyDecorator {
  return IntegerField({
    min: 1,
    max: 90,
    default: 30,
    description: 'For how many days before a conversion its visitor’s visits and clicks count.',
  });
}

export function ModelOrderField(): PropertyDecorator {
  return EnumField({
    values: MODELS,
    default: 'last',
    description: 'Those first that have most credit by this model.',
  });
}
