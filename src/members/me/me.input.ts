import { EnumField, TextField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';
import { NewPasswordField, PresentedPasswordField, SECOND_FACTOR_CODE } from '../dto/sign-in.dto.js';

export class ChangePasswordInput {
  @PresentedPasswordField('The password that is to be replaced.') currentPassword!: string;
  @NewPasswordField() newPassword!: string;
}

export class BeginTotpInput {
  @PresentedPasswordField('The member’s password.') currentPassword!: string;
}

export class ConfirmTotpInput {
  @TextField({ ...SECOND_FACTOR_CODE, description: 'The six digits that the authenticator shows.' })
  code!: string;
}

export class SecondFactorInput {
  @TextField(SECOND_FACTOR_CODE) code!: string;
}

const SESSION_ORDERS = ['createdAt', 'lastSeenAt'] as const;

export class ListSessionsQuery extends ListQuery {
  @EnumField({ values: SESSION_ORDERS, default: 'createdAt', description: 'What to order by.' })
  sortBy!: (typeof SESSION_ORDERS)[number];
}
