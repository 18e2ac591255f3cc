import { Injectable } from '@nestjs/common';
import type { Level, ResourceDeclaration } from '../platform/http/index.js';
import { CATEGORIES, type Grants, levelOf } from './grants.js';

/** Every resource that a controller serves, with what may be granted on it. Filled once, at the boot. */
@Injectable()
export class ResourceRegistry {
  private readonly resources = new Map<string, ResourceDeclaration>();

  /**
   * Adds a resource. Several controllers may serve one; what they say of it must not differ.
   * @throws Error on a name outside the categories or a second, different declaration
   */
  register(resource: ResourceDeclaration): void {
    if (!/^(content|analytics|compliance|settings)\.[a-z][a-z-]*$/.test(resource.name)) {
      throw new Error(`Resource "${resource.name}" is not of the form category.name.`);
    }
    const known = this.resources.get(resource.name);
    if (known && JSON.stringify(known) !== JSON.stringify(resource)) {
      throw new Error(`Resource "${resource.name}" is declared twice, and differently.`);
    }
    this.resources.set(resource.name, resource);
  }

  get(name: string): ResourceDeclaration | undefined {
    return this.resources.get(name);
  }

  list(): ResourceDeclaration[] {
    return [...this.resources.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /**
   * Compiles grants into the level of every registered resource, and of `<category>.*`, which stands for the
   * resources that a category gets later: whoever gives a category away must hold that too.
   */
  compile(grants: Grants): ReadonlyMap<string, Level> {
    const levels = new Map<string, Level>();
    for (const resource of this.resources.values()) {
      levels.set(resource.name, levelOf(grants, resource, this.resources.values()));
    }
    for (const category of CATEGORIES) {
      levels.set(`${category}.*`, Object.hasOwn(grants, category) ? (grants[category] ?? 'none') : 'none');
    }
    return levels;
  }

  /** Whether grants may name it: a registered resource or a category. */
  isGrantable(name: string): boolean {
    return this.resources.has(name) || CATEGORIES.some((category) => category === name);
  }
}
