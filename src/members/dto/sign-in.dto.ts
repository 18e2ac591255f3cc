import { field, Refused, TextField } from '../../platform/http/input/index.js';
import { EMAIL_MAX_LENGTH } from '../email.js';
import { PASSWORD_MAX_BYTES, presentedPasswordProblem } from '../passwords.js';

/** A password as somebody types it: any text that bcrypt reads whole. */
function PresentedPasswordField(description: string): PropertyDecorator {
  const read = (value: unknown) => {
    if (typeof value !== 'string') return new Refused('must be text');
    const problem = presentedPasswordProblem(value);
    return problem === undefined ? value : new Refused(problem);
  };
  return field(
    { read, schema: { type: 'string', format: 'password', maxLength: PASSWORD_MAX_BYTES } },
    { description },
  );
}

/** What a member signs in with. */
export class SignInDto {
  @TextField({
    max: EMAIL_MAX_LENGTH,
    description: 'The e-mail address, in any case.',
    example: 'ada@example.com',
  })
  email!: string;

  @PresentedPasswordField(`The password: at most ${PASSWORD_MAX_BYTES} bytes of UTF-8.`)
  password!: string;
}
