import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

/** Tag of all boards of ours: the menu of boards is made of it. */
export const TAG = 'srcroute';

export const HOST_BOARD_UID = 'srcroute-host';

/** Where the runbooks are read; one file an alert, named after it. Whoever puts them on a site of his own replaces the beginning. */
export const RUNBOOKS = 'https://YOUR-SITE/docs/runbooks';

/** A link from a value. */
export interface Link {
  readonly title: string;
  readonly url: string;
}

/** To the board of one host, same data source and range. Takes Grafana's expressions for its job and instance. */
export function toHost(job: string, instance: string): Link {
  const variables = `var-datasource=\${datasource}&var-job=${job}&var-instance=${instance}`;
  return { title: 'Open the board of this host', url: `/d/${HOST_BOARD_UID}?${variables}&\${__url_time_range}` };
}

/** The links at the top of every board. */
export function boardLinks(): DashboardLinkBuilder[] {
  return [
    new DashboardLinkBuilder('Source routing boards')
      .type(DashboardLinkType.Dashboards)
      .tags([TAG])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true),
    new DashboardLinkBuilder('Runbooks')
      .type(DashboardLinkType.Link)
      .icon('doc')
      .tooltip('What each alert means and what to do: docs/runbooks of srcroute-exporter')
      .url(RUNBOOKS)
      .targetBlank(true),
  ];
}
