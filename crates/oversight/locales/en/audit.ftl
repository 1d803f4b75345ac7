# Acts as the audit trail names them

action-dashboard-export = Exported from the dashboard
