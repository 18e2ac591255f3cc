import { Injectable } from '@nestjs/common';
import { match, type MatchFunction } from 'path-to-regexp';
import { canonicalUrl } from '../../platform/http/index.js';
import { type MountedRoute, RouteInventory } from '../route-inventory.js';

/** As Express has them: a wildcard's value is a list. */
type Parameters = Record<string, string | string[]>;

/** The route that takes a path, and what the path says for its parameters. */
export interface RouteMatch {
  readonly route: MountedRoute;
  readonly parameters: Readonly<Parameters>;
}

/**
 * Finds the route of a path as Express finds it: with the same library and the same options, in the order in which
 * the routes are mounted, after the edge has put the path on its way. Letter case, a slash at the end and the query
 * do not matter.
 */
@Injectable()
export class RouteMatcher {
  private compiled: { route: MountedRoute; matches: MatchFunction<Parameters> }[] | undefined;

  constructor(private readonly routes: RouteInventory) {}

  /**
   * @param url the path as a client sends it, perhaps with a query
   * @throws URIError where an escape in it is none
   */
  find(method: string, url: string): RouteMatch {
    this.compiled ??= this.routes.listInOrder().map((route) => ({
      route,
      matches: match<Parameters>(route.path, { decode: decodeURIComponent }),
    }));
    const path = canonicalUrl(url).replace(/\?.*$/s, '');
    for (const { route, matches } of this.compiled) {
      if (!takes(route, method)) continue;
      const found = matches(path);
      if (found) return { route, parameters: found.params };
    }
    throw new Error('No route takes the path, not even the one for what no route takes.');
  }
}

/** HEAD is a GET whose answer has no body. */
function takes(route: MountedRoute, method: string): boolean {
  return route.method === 'ALL' || route.method === (method === 'HEAD' ? 'GET' : method);
}
