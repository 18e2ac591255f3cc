import { contentRecipes } from './content-recipes.js';
import { type Recipe, withId } from './recipe.js';

const REPORT = { name: 'Last week', period: 'previous-week', schedule: '0 7 * * 1' };

const EXPORT = { name: 'Events, hourly', table: 'events', schedule: '5 * * * *' };

const runRecipes = (mount: '' | 'InStore'): Record<string, Recipe> => ({
  [`runReport${mount}`]: {
    status: 202,
    changes: ['analytics_run insert'],
    parameters: withId('createReport'),
  },
  [`runExportConfiguration${mount}`]: {
    status: 202,
    changes: ['analytics_run insert'],
    parameters: withId('createExportConfiguration'),
  },
});

/** Of what is made by a schedule. */
export const REPORT_RECIPES: Readonly<Record<string, Recipe>> = {
  ...contentRecipes('Report', 'analytics_report', REPORT, { name: 'This week' }),
  ...contentRecipes('ExportConfiguration', 'analytics_export', EXPORT, { name: 'Events' }),
  ...runRecipes(''),
  ...runRecipes('InStore'),
};
