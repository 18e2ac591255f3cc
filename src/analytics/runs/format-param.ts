import { Param } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';

/** The format of an artefact, in the path. One that was not made is not there: 404. */
export function FormatParam(formats: readonly string[]): ParameterDecorator {
  return (target, property, index) => {
    Param('format')(target, property, index);
    const descriptor = property === undefined ? undefined : Object.getOwnPropertyDescriptor(target, property);
    if (property === undefined || descriptor === undefined) return;
    ApiParam({
      name: 'format',
      description: 'Which of the files.',
      schema: { type: 'string', enum: [...formats] },
    })(target, property, descriptor);
  };
}
