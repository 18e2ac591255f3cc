import { ApiProperty } from '@nestjs/swagger';

/** Something named by its id, with the name that people know it by. */
export class NamedReference {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
}
