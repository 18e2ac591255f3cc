// @nestjs/throttler is CommonJS and requires Nest's ES modules, which Jest allows once they are fully loaded.
import '@nestjs/common';
import '@nestjs/core';
