import 'reflect-metadata';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

/** A group of operations, as the API document lists it. */
export interface ApiGroupDeclaration {
  readonly name: string;
  /** One sentence; it may be left to another controller of the same group. */
  readonly description: string | null;
}

const GROUP = 'gatehouse:api-group';

/** Puts a controller's operations into a group, and says in one place what the group is. */
export const ApiGroup = (name: string, description: string | null = null): ClassDecorator =>
  applyDecorators(ApiTags(name), SetMetadata(GROUP, { name, description } satisfies ApiGroupDeclaration));

/** The group of a controller, if it has one. */
export function readApiGroup(
  controller: abstract new (...args: never[]) => unknown,
): ApiGroupDeclaration | undefined {
  return Reflect.getMetadata(GROUP, controller) as ApiGroupDeclaration | undefined;
}
