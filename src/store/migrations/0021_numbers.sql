-- The numbers of contacts are masked but for who may see them in clear: so far everybody did who read contacts or
-- recordings, or watched calls.
INSERT INTO role_grant (id, parent, position, right_name, scope, data_set)
	SELECT min(g.id) + m.most, g.parent, min(g.position) + 3000, 'interaction.clear', g.scope, g.data_set
	FROM role_grant g, (SELECT max(id) AS most FROM role_grant) AS m
	WHERE g.right_name IN ('interaction.read', 'recording.read', 'live.watch') GROUP BY g.parent, g.scope, g.data_set, m.most;
INSERT INTO api_token_right (id, parent, position, right_name)
	SELECT min(r.id) + m.most, r.parent, min(r.position) + 3000, 'interaction.clear'
	FROM api_token_right r, (SELECT max(id) AS most FROM api_token_right) AS m
	WHERE r.right_name IN ('interaction.read', 'recording.read', 'live.watch') GROUP BY r.parent, m.most;
