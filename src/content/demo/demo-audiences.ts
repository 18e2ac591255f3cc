import { newUuid } from '../../platform/ids/index.js';
import type { Audience } from '../audiences/audience.entity.js';
import type { Customer } from '../audiences/members/customer.entity.js';
import type { Random } from '../random.js';

const CITIES = ['Berlin', 'Bergen', 'Bologna', 'Bristol', 'Bruges'] as const;
const CUSTOMERS = 300;

type NewAudience = Omit<Audience, 'version'>;
type NewCustomer = Omit<Customer, 'version'>;

/** Customers that nobody is, with what a shop knows of its own. */
export function demoCustomers(storeId: string, random: Random, now: Date): NewCustomer[] {
  return Array.from({ length: CUSTOMERS }, (_, index) => ({
    id: newUuid(),
    storeId,
    reference: `demo-${String(index + 1).padStart(4, '0')}`,
    attributes: {
      city: random.pick(CITIES),
      orders: random.between(0, 12),
      newsletter: random.chance(0.6),
      since: `20${random.between(19, 26)}-0${random.between(1, 9)}-15`,
    },
    createdAt: now,
    updatedAt: now,
  }));
}

/** The audiences that one would make of them. */
export function demoAudiences(storeId: string, now: Date): NewAudience[] {
  const audience = (
    name: string,
    description: string,
    conditions: NonNullable<Audience['rules']>['conditions'],
  ) => ({
    ...{ id: newUuid(), storeId, name, description },
    rules: { match: 'all' as const, conditions },
    ...{ createdAt: now, updatedAt: now },
  });
  return [
    audience('Regulars', 'Bought five times or more.', [{ attribute: 'orders', operator: 'gte', value: 5 }]),
    audience('Newsletter', 'Who want to hear from us.', [
      { attribute: 'newsletter', operator: 'eq', value: true },
    ]),
    audience('Never bought', 'Signed up, and nothing more.', [
      { attribute: 'orders', operator: 'eq', value: 0 },
    ]),
    audience('Berlin', 'For the shop in town.', [{ attribute: 'city', operator: 'eq', value: 'Berlin' }]),
  ];
}
