-- Turning a prospect into a customer, ending a job and revoking a key are rights of their own: whoever could do that goes on.
ALTER TABLE api_token ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
INSERT INTO role_grant (id, parent, position, right_name, scope, data_set)
	SELECT g.id + m.most, g.parent, g.position + 4000, 'customer.convert', g.scope, g.data_set
	FROM role_grant g, (SELECT max(id) AS most FROM role_grant) AS m WHERE g.right_name = 'customer.update';
INSERT INTO role_grant (id, parent, position, right_name, scope, data_set)
	SELECT g.id + m.most, g.parent, g.position + 4000, 'job.cancel', g.scope, g.data_set
	FROM role_grant g, (SELECT max(id) AS most FROM role_grant) AS m WHERE g.right_name = 'job.read';
INSERT INTO role_grant (id, parent, position, right_name, scope, data_set)
	SELECT g.id + m.most, g.parent, g.position + 4000, 'api_token.revoke', g.scope, g.data_set
	FROM role_grant g, (SELECT max(id) AS most FROM role_grant) AS m WHERE g.right_name = 'api_token.delete';
