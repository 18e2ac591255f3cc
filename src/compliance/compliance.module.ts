import { Module, type OnModuleInit } from '@nestjs/common';
import { ResourceRegistry, RolesModule } from '../roles/index.js';
import { COMPLIANCE_RESOURCES } from './resources.js';

/** What compliance staff work with. Its resources can be granted whether or not a route serves them yet. */
@Module({ imports: [RolesModule] })
export class ComplianceModule implements OnModuleInit {
  constructor(private readonly registry: ResourceRegistry) {}

  onModuleInit(): void {
    for (const resource of COMPLIANCE_RESOURCES) this.registry.register(resource);
  }
}
