/** Where the rules are loaded from: in a directory that no other tool includes or flushes. */
export const RULES_FILE = '/etc/srcroute-exporter/srcroute.nft';

/** The service that loads the rules at boot: the lines of deploy/systemd/srcroute-firewall.service without comments. */
export const FIREWALL_UNIT: readonly string[] = [
  '[Unit]',
  'Description=Log packets with a source route (nftables table inet srcroute)',
  'Documentation=man:nft(8)',
  'After=nftables.service iptables.service ip6tables.service netfilter-persistent.service',
  'After=firewalld.service ufw.service shorewall.service shorewall6.service ferm.service foomuuri.service',
  'After=docker.service',
  'PartOf=nftables.service',
  'ReloadPropagatedFrom=nftables.service',
  'StartLimitIntervalSec=0',
  '[Service]',
  'Type=oneshot',
  'RemainAfterExit=yes',
  `ExecStart=/usr/sbin/nft -f ${RULES_FILE}`,
  `ExecReload=/usr/sbin/nft -f ${RULES_FILE}`,
  "ExecStop=/usr/sbin/nft 'table inet srcroute; delete table inet srcroute'",
  'CapabilityBoundingSet=CAP_NET_ADMIN CAP_DAC_READ_SEARCH',
  'RestrictAddressFamilies=AF_NETLINK',
  'NoNewPrivileges=yes',
  'ProtectSystem=strict',
  'ProtectHome=yes',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectControlGroups=yes',
  'RestrictNamespaces=yes',
  'LockPersonality=yes',
  'MemoryDenyWriteExecute=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  '[Install]',
  'WantedBy=multi-user.target nftables.service',
];

/** The drop-in of nftables.service: the lines of deploy/systemd/srcroute-after-nftables.conf without comments. */
export const AFTER_NFTABLES: readonly string[] = [
  '[Service]',
  'ExecStartPost=-/bin/systemctl --no-block try-restart srcroute-firewall.service',
  'ExecStopPost=-/bin/systemctl --no-block start srcroute-firewall.service',
];
