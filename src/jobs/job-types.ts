import { Injectable } from '@nestjs/common';
import type { JobType } from './job-type.js';

/** Every kind of job that can be ordered. A feature registers its own in its module's constructor. */
@Injectable()
export class JobTypes {
  private readonly types = new Map<string, JobType>();

  /** @throws Error where the type is taken */
  register<Input extends object, State extends object>(type: JobType<Input, State>): void {
    if (this.types.has(type.type)) throw new Error(`Two jobs have the type ${type.type}.`);
    this.types.set(type.type, type as unknown as JobType);
  }

  find(type: string): JobType | undefined {
    return this.types.get(type);
  }

  /** In the order of their names. */
  list(): readonly JobType[] {
    return [...this.types.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  }
}
