import { TextField } from '../../platform/http/input/index.js';
import { NewPasswordField } from '../dto/sign-in.dto.js';
import { EMAIL_MAX_LENGTH } from '../email.js';

export class RequestPasswordResetInput {
  @TextField({
    max: EMAIL_MAX_LENGTH,
    description: 'The e-mail address one signs in with, in any case.',
    example: 'ada@example.com',
  })
  email!: string;
}

export class ConfirmPasswordResetInput {
  @TextField({ max: 100, description: 'The token of the link, which comes after `#token=`.' })
  token!: string;

  @NewPasswordField() password!: string;
}
