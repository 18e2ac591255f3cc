import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which keys were used, and from which networks, as far as the request log was looked through for it. What lies in
 * the log already is history: nobody is told of it as news.
 */
export class KeySightings1764300000002 implements MigrationInterface {
  name = 'KeySightings1764300000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    // No business data, so no triggers: a row only says that an event went out, or that there was no need of one.
    await queryRunner.query(`
      CREATE TABLE key_first_uses (
        key_id uuid NOT NULL,
        at timestamptz(3) NOT NULL,
        CONSTRAINT key_first_uses_pk PRIMARY KEY (key_id),
        CONSTRAINT key_first_uses_key FOREIGN KEY (key_id) REFERENCES keys (id) ON DELETE CASCADE
      );
      CREATE TABLE key_networks (
        key_id uuid NOT NULL,
        network cidr NOT NULL,
        at timestamptz(3) NOT NULL,
        CONSTRAINT key_networks_pk PRIMARY KEY (key_id, network),
        CONSTRAINT key_networks_key FOREIGN KEY (key_id) REFERENCES keys (id) ON DELETE CASCADE
      );
      -- the last batch of each writer of the request log that was looked at
      CREATE TABLE key_sightings_seen (
        writer integer NOT NULL,
        batch_no bigint NOT NULL,
        CONSTRAINT key_sightings_seen_pk PRIMARY KEY (writer)
      );

      INSERT INTO key_sightings_seen (writer, batch_no) SELECT writer, batch_no FROM audit_heads() WHERE writer > 0;
      INSERT INTO key_first_uses (key_id, at)
      SELECT a.key_id, min(a.last_used_at) FROM key_activity a JOIN keys k ON k.id = a.key_id GROUP BY a.key_id;
      INSERT INTO key_networks (key_id, network, at)
      SELECT a.key_id, network(set_masklen(a.last_used_ip, CASE family(a.last_used_ip) WHEN 4 THEN 24 ELSE 48 END)) AS net,
        min(a.last_used_at)
      FROM key_activity a JOIN keys k ON k.id = a.key_id WHERE a.last_used_ip IS NOT NULL GROUP BY a.key_id, net;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
