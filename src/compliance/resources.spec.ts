import { describe, expect, it } from '@jest/globals';
import { readResource, Resource } from '../platform/http/index.js';
import { ResourceRegistry } from '../roles/index.js';
import { COMPLIANCE_RESOURCES } from './resources.js';

describe('the resources of compliance', () => {
  it('are what a controller declares that names one of them', () => {
    const registry = new ResourceRegistry();
    for (const resource of COMPLIANCE_RESOURCES) {
      registry.register(resource);
      @Resource(resource.name, resource)
      class SomeController {}
      const declared = readResource(SomeController);
      expect(declared).toEqual(resource);
      if (declared) registry.register(declared);
    }
    expect(registry.list()).toHaveLength(COMPLIANCE_RESOURCES.length);
  });

  it('relate to resources that there are', () => {
    const names = COMPLIANCE_RESOURCES.map(({ name }) => name);
    for (const { relates } of COMPLIANCE_RESOURCES)
      expect(names).toEqual(expect.arrayContaining([...relates]));
  });
});
