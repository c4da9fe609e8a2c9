notices-title = Avisos
notices-text = O que aconteceu nos últimos 30 dias e diz respeito a você.
notices-read = Marcar como lidos
notices-new = novo
notices-empty-title = Nenhum aviso
notices-empty-text = Quando algo mudar no armazenamento ou nas suas pastas, aparece aqui.
notices-end = Não há avisos mais antigos.
notices-pages = Páginas
notices-older = Mais antigos
notices-newest = Mais recentes

notice-storage-back = O armazenamento voltou
notice-storage-back-text = Os arquivos podem ser abertos de novo.
notice-storage-calm = O armazenamento está sem alertas
notice-storage-calm-text = O que a equipe de TI tinha para ver foi resolvido.
notice-storage-alert = O armazenamento tem um alerta
notice-storage-alert-text = Os arquivos estão no ar; a equipe de TI tem um alerta para ver.
notice-storage-planned = O armazenamento parou para manutenção
notice-storage-save = Salve o que estiver aberto em outro lugar e espere.
notice-storage-restarting = O armazenamento está reiniciando
notice-storage-restarting-text = Os arquivos voltam em alguns minutos.
notice-storage-unreachable = O armazenamento está fora do ar
notice-storage-key = O portal não consegue consultar o armazenamento
notice-storage-key-text = Os arquivos podem continuar no ar.
notice-storage-unknown = O estado do armazenamento está sendo verificado
notice-storage-unknown-text = Esta página avisa quando houver resposta.

notice-share-gained = Nova pasta: { $name }
notice-share-changed = Acesso alterado: { $name }
notice-share-lost = Pasta retirada: { $name }
notice-share-lost-text = Ela não faz mais parte dos seus acessos. Se precisa dela, fale com a equipe de TI.
notice-may-write = Você pode ler e gravar nela.
notice-may-read = Você pode ler o que está nela.
notice-may-unknown = O TrueNAS ainda não disse o que você pode fazer nela.

notice-ahead-minutes = Manutenção em { $count } min
notice-ahead-hours = Manutenção em { $count } h
notice-ahead-days = { $count ->
    [one] Manutenção amanhã
   *[other] Manutenção em { $count } dias
}
notice-maintenance-began = A manutenção começou
notice-maintenance-ended = A manutenção terminou
notice-maintenance-ended-text = { $name }: tudo de volta ao normal.
notice-maintenance-overdue = A manutenção está demorando mais que o previsto
notice-maintenance-moved = A manutenção mudou de horário
notice-maintenance-off = A manutenção foi cancelada
maintenance-unnamed = Manutenção do armazenamento
maintenance-span = { $name }: de { $starts } até { $ends }
maintenance-open = { $name }: a partir de { $starts }, sem previsão de término

notice-incident-updated = Incidente: { $name }
notice-incident-resolved = Incidente resolvido: { $name }
notice-alert-raised = Alerta do TrueNAS
notice-alert-cleared = Alerta do TrueNAS resolvido
notice-key-refused = O TrueNAS recusa a chave de serviço
notice-key-refused-text = Ninguém entra com contas do TrueNAS até que a chave seja trocada; o acesso de emergência continua.
notice-key-accepted = O TrueNAS aceita a chave de serviço de novo
notice-key-accepted-text = As contas do TrueNAS voltam a entrar.
notice-codes = Alguém está adivinhando códigos
notice-codes-text = Códigos errados do segundo fator foram digitados várias vezes para { $name }, por alguém que sabe a senha. A sessão foi encerrada. Se não foi { $name }, a senha precisa ser trocada.
notice-undelivered = Uma mensagem não foi entregue
notice-undelivered-text = O canal { $name } não a recebeu. Veja o motivo em Mensagens.
