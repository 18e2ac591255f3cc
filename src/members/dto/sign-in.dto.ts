import { field, Refused, TextField } from '../../platform/http/input/index.js';
import { EMAIL_MAX_LENGTH } from '../email.js';
import { newPasswordProblem, PASSWORD_MAX_BYTES, presentedPasswordProblem } from '../passwords.js';

/** A password as somebody types it: any text that bcrypt reads whole. */
export function PresentedPasswordField(description: string): PropertyDecorator {
  return passwordField(presentedPasswordProblem, description);
}

/** A password that is to be somebody's. */
export function NewPasswordField(): PropertyDecorator {
  const rules = '12 to 72 bytes of UTF-8, and none that everybody tries.';
  return passwordField((value) => newPasswordProblem(value), `The new password: ${rules}`);
}

function passwordField(
  problemOf: (value: string) => string | undefined,
  description: string,
): PropertyDecorator {
  const read = (value: unknown) => {
    if (typeof value !== 'string') return new Refused('must be text');
    const problem = problemOf(value);
    return problem === undefined ? value : new Refused(problem);
  };
  return field(
    { read, schema: { type: 'string', format: 'password', maxLength: PASSWORD_MAX_BYTES } },
    { description },
  );
}

/** The code of a second factor. */
export const SECOND_FACTOR_CODE = {
  max: 40,
  description: 'The six digits that the authenticator shows, or a recovery code. Each works once.',
  example: '492039',
};

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

  @TextField({
    ...SECOND_FACTOR_CODE,
    optional: true,
    description: `${SECOND_FACTOR_CODE.description} For members with a second factor.`,
  })
  totp?: string;
}
