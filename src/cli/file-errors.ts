/** Whether something went wrong with a file. An error of the file system's has another class than ours in tests. */
export const isFileError = (error: unknown): error is { code: string } =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^E[A-Z]+$/.test(error.code);
