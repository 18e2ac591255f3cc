import { type Level, LEVELS } from '../../platform/http/index.js';
import { EnumMapField, partialOf, TextField, TextListField } from '../../platform/http/input/index.js';

const GRANTS = {
  values: LEVELS,
  maxEntries: 200,
  description: 'A level per category (`content`) or resource (`content.campaigns`); they combine by maximum.',
  example: { content: 'read', 'settings.keys': 'read' } as Record<string, Level>,
};
const NAME = { max: 60, description: 'Unique within the organization.', example: 'Campaign editor' };
const DESCRIPTION = { max: 500, min: 0, description: 'What the role is for.', example: 'Writes campaigns.' };

const POLICIES = {
  item: { max: 100 },
  maxItems: 100,
  unique: true,
  optional: true,
  description: 'Ready policies by their names, as `GET /policies` lists them.',
  example: ['Campaigns Read-only'],
};

/** A new role: grants, ready policies, or both; they combine by maximum. */
export class CreateRoleInput {
  @TextField(NAME) name!: string;
  @TextField({ ...DESCRIPTION, default: '' }) description!: string;
  @EnumMapField({ ...GRANTS, optional: true }) grants?: Record<string, Level>;
  @TextListField(POLICIES) policies?: string[];
}

class RoleFields {
  @TextField(NAME) name!: string;
  @TextField(DESCRIPTION) description!: string;
  @EnumMapField(GRANTS) grants!: Record<string, Level>;
  @TextListField(POLICIES) policies!: string[];
}

/** What changes on a role; given grants and policies, combined by maximum, replace all of the old grants. */
export class UpdateRoleInput extends partialOf(RoleFields) {}
