live-away = reconectando
live-away-said = A ligação com o portal caiu. Reconectando.
live-old-said = As informações desta página podem estar desatualizadas.
live-back-said = Ligação restabelecida.
left-now = agora
left-seconds = em { $count } s
left-minutes = em { $count } min
left-hours = em { $count } h

banner-details = detalhes
banner-since = Desde { $at }.
banner-unreachable = O armazenamento está fora do ar
banner-restarting = O armazenamento está reiniciando
banner-planned = Manutenção em andamento
banner-running = Manutenção em andamento
banner-ahead = Manutenção prevista
banner-overdue = A manutenção está demorando mais que o previsto
banner-key = O portal não consegue consultar o armazenamento
banner-key-administrators = O TrueNAS recusa a chave de serviço do portal
banner-save = Os arquivos não podem ser abertos agora. Salve o que estiver aberto em outro lugar e espere: esta página avisa quando voltar.
banner-back = Os arquivos voltam em alguns minutos. Salve o que estiver aberto em outro lugar.
banner-running-text = O armazenamento responde, mas pode parar a qualquer momento. Salve o seu trabalho com frequência.
banner-ahead-text = Salve e feche os arquivos antes do início: eles podem ficar fora do ar.
banner-overdue-text = Os arquivos ainda não podem ser abertos. Esta página avisa quando voltarem.
banner-key-text = Os arquivos podem continuar no ar; o que esta página mostra pode estar desatualizado. A equipe de TI precisa trocar uma chave.
banner-key-renew = Crie uma chave de API nova no TrueNAS e coloque-a na configuração do portal. Até lá, só o acesso de emergência entra.

bell-title = Avisos
bell-unread = { $count ->
    [one] { $count } não lido
   *[other] { $count } não lidos
}
toast-close = Fechar aviso
toasts-title = Avisos novos
announcement-read = Li e entendi

farewell-title = Sua sessão terminou: { $reason }
farewell-signed-out = você saiu do portal
farewell-needed = ela não é mais válida
farewell-time-over = chegou ao limite de tempo
farewell-unused = ficou muito tempo sem uso
farewell-replaced = outra pessoa entrou neste navegador
farewell-elsewhere = você a encerrou em outro navegador
farewell-administrator = a administração a encerrou
farewell-gone = a conta não existe mais no TrueNAS
farewell-locked = a conta foi bloqueada no TrueNAS
farewell-disabled = a entrada com senha foi desligada no TrueNAS
farewell-password = a senha foi trocada no TrueNAS
farewell-role = os seus direitos no portal mudaram
farewell-key = o portal perdeu o acesso ao TrueNAS
farewell-again = O que estava nesta página foi retirado. Entre de novo para continuar.
farewell-new-password = O que estava nesta página foi retirado. Entre com a senha nova.
farewell-ask = O que estava nesta página foi retirado. Fale com a equipe de TI.
farewell-wait = O que estava nesta página foi retirado. A equipe de TI precisa trocar uma chave antes que alguém possa entrar.
farewell-enter = Entrar

source-truenas = TrueNAS
source-watcher = vigia
source-plan = agenda
source-portal = portal
fact-level = { $before } → { $after }
fact-alert-raised = Alerta:
fact-alert-dismissed = Alerta dispensado:
fact-alert-cleared = Alerta resolvido:
fact-pool = Pool { $name }: { $before } → { $after }
fact-restarted = O sistema foi reiniciado.
fact-link-mended = A ligação voltou; o sistema não tinha parado.
fact-restarts = O TrueNAS vai reiniciar.
fact-shuts-down = O TrueNAS vai desligar.
fact-update = Uma atualização do TrueNAS começou.
fact-scrub-began = Verificação do pool { $name } começou.
fact-scrub-ended = Verificação do pool { $name } terminou.
fact-maintenance-began = Manutenção iniciada: { $name }
fact-maintenance-ended = Manutenção concluída: { $name }
fact-key-refused = O TrueNAS recusou a chave de serviço.
fact-key-accepted = O TrueNAS aceita a chave de serviço de novo.
fact-clock = O relógio do servidor saltou { $seconds } s.
