import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tells under which master secret the link of an invitation is, so that a change of it can name those it ends. */
export class InvitationMasters1764000000016 implements MigrationInterface {
  name = 'InvitationMasters1764000000016';

  async up(queryRunner: QueryRunner): Promise<void> {
    // null: there is no link, or it was made before this was noted
    await queryRunner.query('ALTER TABLE invitations ADD COLUMN master_id text');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
