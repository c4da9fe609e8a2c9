status-title = Situação do armazenamento
status-enter = Entrar
status-now = Agora
status-since = Desde { $at }.
status-seen = Verificado
status-unread = Avisos indisponíveis
status-unread-text = A manutenção e os incidentes não podem ser lidos agora. Esta página tenta de novo sozinha.
status-foot = Os horários são os do escritório. Também como
status-feed = RSS
status-badge = selo

status-plans = Manutenção
status-plans-none = Nenhuma manutenção prevista.
status-ahead = Prevista
status-running = Em andamento
status-overdue = Demora mais que o previsto
status-partly = Uma parte das pastas
status-incidents = Incidentes dos últimos 90 dias
status-incidents-none = Nenhum incidente registrado nos últimos 90 dias.
incident-investigating = Em investigação
incident-identified = Causa identificada
incident-monitoring = Em observação
incident-resolved = Resolvido

status-history = Disponibilidade
status-history-unread = O histórico não pode ser lido agora.
status-no-data = sem dados
status-span-1 = 24 horas
status-span-7 = 7 dias
status-span-30 = 30 dias
status-span-90 = 90 dias
status-known = com dados de { $length }
status-days = Um dia em cada barra, os últimos 90
status-today = hoje
status-day-well = No ar
status-day-brief = Interrupção breve
status-day-down = Fora do ar
status-day-planned = Manutenção
status-day-unknown = Sem dados
status-day-up = { $share } no ar
status-part-down = { $length } fora do ar
status-part-planned = { $length } de manutenção
status-table = Dia a dia em tabela
status-column-day = Dia
status-column-word = Situação
status-column-up = No ar
status-column-down = Fora do ar
status-column-planned = Manutenção
status-column-unknown = Sem dados
status-outages = { $count ->
    [one] { $count } interrupção detectada
   *[other] { $count } interrupções detectadas
}
status-outage-away = Fora do ar
status-outage-restart = Reinício
status-lasts = em andamento

status-feed-text = Interrupções, manutenção e incidentes do armazenamento.
feed-away = Armazenamento fora do ar
feed-restart = O armazenamento reiniciou
feed-back = Armazenamento de volta
feed-began = Desde { $at }.
feed-lasted = De { $began } a { $ended }: { $length }.
feed-incident = { $title } – { $state }
feed-planned = Manutenção: { $title }
feed-span = De { $starts } a { $ends }.
badge-storage = armazenamento
badge-key-refused = Sem informação
