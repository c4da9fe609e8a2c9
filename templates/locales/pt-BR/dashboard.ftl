dashboard-title = Meus drives
greeting-morning = Bom dia, { $name }.
greeting-afternoon = Boa tarde, { $name }.
greeting-evening = Boa noite, { $name }.

state-unknown = O estado do armazenamento ainda está sendo verificado.
state-online = O armazenamento está no ar.
state-attention = O armazenamento está no ar; a equipe de TI tem um alerta para ver.
state-planned = O armazenamento está em manutenção planejada.
state-restarting = O armazenamento está reiniciando.
state-unreachable = O armazenamento está fora do ar.
state-key-refused = O portal não consegue consultar o armazenamento; os arquivos podem estar no ar.

dashboard-old = A lista pode estar desatualizada
dashboard-old-text = O TrueNAS não respondeu à última consulta. Lida do TrueNAS:

local-title = Acesso de emergência
local-text = Esta é uma conta local do portal: ela não existe no TrueNAS e não tem drives.
local-alone = Enquanto o TrueNAS não atende, ninguém entra com a conta dele; quem já entrou vê a última lista conhecida.
local-works = O que funciona agora
local-sessions = onde esta conta está aberta, e como encerrar cada sessão
local-bans = interface para programas: quem precisa esperar para entrar, e até quando
local-lift = interface para programas: acaba com uma dessas esperas
local-status = interface para programas: o estado do armazenamento

map-title = Mapear drives
map-all = Mapear todos os drives
map-letters = { $count ->
    [one] Letra
   *[other] Letras
}

how-title = Como funciona
how-download = Baixe o arquivo
how-download-text = O botão baixa mapear-drives.bat, feito para a sua conta. Abra-o com dois cliques, sem ser como administrador.
how-download-kept = Se o Edge segurar o arquivo, abra os três pontos ao lado dele e escolha “Manter”.
how-warning = O Windows pode avisar
how-warning-protected = Em “O Windows protegeu o computador”, escolha “Mais informações” e depois “Executar assim mesmo”.
how-warning-publisher = Em “Aviso de Segurança”, com fornecedor desconhecido, escolha “Executar”.
how-restart = Voltar após reiniciar?
how-restart-text = A janela pergunta se os drives devem voltar sempre que o Windows iniciar. Com S, o Windows guarda a senha no cofre de credenciais deste computador; com N, nada é guardado e os drives valem até reiniciar.
how-password = Digite a senha na janela
how-password-text = O próprio Windows pergunta a senha; se for para guardar, duas vezes. Enquanto você digita, nada aparece. O arquivo em si nunca contém a senha.
how-drives = Use os drives
how-drives-text = No fim, um resumo diz o que foi mapeado. Os drives ficam no Explorador de Arquivos, em “Este Computador”.
how-proof = O arquivo é mesmo este?
how-proof-text = Este SHA-256 vale só para o arquivo completo, o de “Mapear todos os drives”. O arquivo de uma pasta só tem o mesmo nome, mas outro SHA-256. Compare com o que o Windows calcula na pasta do download, com o nome que o arquivo tiver lá:
how-copy-sha256 = Copiar o SHA-256
how-copy-command = Copiar o comando
how-options = Para quem usa o Prompt de Comando
how-dry = só mostra o que faria, sem mudar nada
how-remove = desfaz apenas o que o próprio arquivo mapeou
how-keep = os drives voltam após reiniciar, sem perguntar; o Windows guarda a senha
how-once = os drives valem até reiniciar, sem perguntar; nada é guardado
how-quiet = sem perguntas e sem pausa no fim; só a senha ainda é pedida

shares-title = Pastas
shares-count = { $count ->
    [one] 1 pasta para você
   *[other] { $count } pastas para você
}
shares-reading = Consultando o TrueNAS…
shares-empty-title = Nenhuma pasta por enquanto
shares-empty-text = A sua conta funciona, mas ainda não tem acesso a nenhuma pasta compartilhada.
shares-empty-advice = Peça à equipe de TI ou à sua chefia que inclua você no grupo do setor. Depois, entre de novo.
shares-unread-title = As pastas não puderam ser lidas
shares-unread-text = Sem uma resposta válida do TrueNAS, não sabemos quais pastas são suas. Nada foi alterado.

kind-plain = Pasta compartilhada
kind-read-only = Pasta só para consulta
kind-home = A sua pasta pessoal
kind-private = Espaço só seu
kind-time-locked = Arquivo protegido contra mudanças
kind-backup = Cópias de segurança
kind-external = Pasta em outro servidor

share-write = Leitura e escrita
share-read = Somente leitura
share-unknown = Não foi possível confirmar
share-letter = Letra
share-copy-unc = Copiar o caminho de { $name } no Windows
share-others = macOS e Linux
share-copy-mac = Copiar o endereço de { $name } para macOS
share-copy-linux = Copiar o endereço de { $name } para Linux
share-why-group = grupo { $group }
share-why-root = administrador do sistema
share-why-owner = a pasta é sua
share-why-person = permissão dada a você
share-why-everybody = todos os usuários
share-why-own-folder = criada no primeiro uso
share-why-read-only = vale para todos os usuários
share-why-time-locked = os arquivos são protegidos contra mudanças
share-why-capped = as permissões só dão leitura a você
share-why-unclear = o TrueNAS não informou todas as permissões
share-proved = Verificado ao entrar
share-computed = Pelas permissões
share-map = Mapear
share-map-name = Mapear { $name }
