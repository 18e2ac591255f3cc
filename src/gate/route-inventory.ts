import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import 'reflect-metadata';
import { readResource, readRoute, type RouteDeclaration } from '../platform/http/index.js';
import { type ApiGroupDeclaration, readApiGroup } from '../platform/http/openapi/index.js';
import { ResourceRegistry } from '../roles/index.js';

type Class = abstract new (...args: never[]) => unknown;
type Handler = (...args: never[]) => unknown;

/** One mounted route. */
export interface MountedRoute {
  readonly method: string;
  /** With `:parameters`, e.g. `/api/v1/stores/:storeId/campaigns`. */
  readonly path: string;
  readonly operationId: string;
  readonly declaration: RouteDeclaration;
  /** Where the API document lists it. */
  readonly group: ApiGroupDeclaration | undefined;
}

export const API_PREFIX = 'api/v1';

/** Some routes declare no scope: nothing starts until they do. */
export class UndeclaredRoutes extends Error {
  constructor(readonly routes: readonly string[]) {
    super(
      `These routes declare no scope (add @Requires or @Public):\n${routes.map((r) => `  ${r}`).join('\n')}`,
    );
    this.name = 'UndeclaredRoutes';
  }
}

/** Every route of the application with what it needs, read from the decorators once, at the boot. */
@Injectable()
export class RouteInventory implements OnModuleInit {
  private readonly declarations = new Map<unknown, Map<unknown, RouteDeclaration>>();
  private readonly mounted: MountedRoute[] = [];
  private inOrder: readonly MountedRoute[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly registry: ResourceRegistry,
  ) {}

  /** @throws UndeclaredRoutes with the list of all of them */
  onModuleInit(): void {
    const undeclared: string[] = [];
    for (const wrapper of this.discovery.getControllers()) {
      const controller = wrapper.metatype as Class | null;
      if (controller) this.read(controller, undeclared);
    }
    if (undeclared.length > 0) throw new UndeclaredRoutes(undeclared);
    this.inOrder = [...this.mounted];
    this.mounted.sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
  }

  /** What a handler's decorators say. */
  declarationOf(controller: unknown, handler: unknown): RouteDeclaration {
    const declaration = this.declarations.get(controller)?.get(handler);
    if (!declaration) throw new Error('A route is reached that the boot has not seen.');
    return declaration;
  }

  /** By path and method. */
  list(): readonly MountedRoute[] {
    return this.mounted;
  }

  /** In the order in which they are tried: the first that takes a path has it. */
  listInOrder(): readonly MountedRoute[] {
    return this.inOrder;
  }

  private read(controller: Class, undeclared: string[]): void {
    const resource = readResource(controller);
    const group = readApiGroup(controller);
    if (resource) this.registry.register(resource);
    const prototype = controller.prototype as Record<string, Handler>;
    const declarations = new Map<unknown, RouteDeclaration>();
    const handlers = this.handlersOf(prototype);
    for (const [name, handler] of handlers) {
      const declaration = readRoute(controller, name, handler);
      if (declaration) declarations.set(handler, declaration);
    }
    // Every base with all of its routes before the next one: the order in which Nest mounts them.
    const bases = asList(Reflect.getMetadata('path', controller));
    for (const base of bases) {
      for (const [name, handler] of handlers) {
        const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod] ?? 'ALL';
        const declaration = declarations.get(handler);
        const ends = asList(Reflect.getMetadata('path', handler));
        for (const end of ends) {
          const path = pathOf(base, end);
          if (!declaration) undeclared.push(`${method} ${path} (${controller.name}.${name})`);
          else {
            const operationId = operationIdOf(declaration, path, bases.length * ends.length);
            this.mounted.push({ method, path, operationId, declaration, group });
          }
        }
      }
    }
    this.declarations.set(controller, declarations);
  }

  private handlersOf(prototype: Record<string, Handler>): [name: string, handler: Handler][] {
    return this.scanner
      .getAllMethodNames(prototype)
      .map((name): [string, Handler | undefined] => [name, prototype[name]])
      .filter((entry): entry is [string, Handler] => {
        const [, handler] = entry;
        return handler !== undefined && Reflect.getMetadata('path', handler) !== undefined;
      });
  }
}

function pathOf(base: string, end: string): string {
  return '/' + [API_PREFIX, base, end].map(trim).filter(Boolean).join('/');
}

/** The operation's name: on the second mount of a store route it ends in `InStore`. */
export function operationIdOf({ operation }: RouteDeclaration, path: string, mounts: number): string {
  return mounts > 1 && path.startsWith(`/${API_PREFIX}/stores/:storeId/`) ? `${operation}InStore` : operation;
}

const asList = (value: unknown): string[] => {
  if (Array.isArray(value)) return value as string[];
  return [typeof value === 'string' ? value : ''];
};
const trim = (path: string): string => path.replace(/^\/+|\/+$/g, '');
