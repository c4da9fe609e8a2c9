right-write = escrita
right-read = leitura
right-none = sem acesso
right-unknown = desconhecido

through-root = administrador do sistema (root)
through-owner = dono da pasta
through-person = permissão própria do usuário
through-owning-group = grupo { $group }, dono da pasta
through-group = grupo { $group }
through-everyone = todos os usuários
through-signed-in = todos os usuários autenticados
through-network = todos os usuários da rede
through-users = grupo interno Users
through-others = demais usuários
through-mode-owner = dono da pasta, pelos bits de modo
through-mode-group = grupo { $group }, pelos bits de modo
through-mode-others = demais usuários, pelos bits de modo
through-own-folder-to-come = a pasta pessoal é criada no primeiro uso

cap-share-read-only = o compartilhamento é somente leitura
cap-time-locked = os arquivos do compartilhamento ficam protegidos contra mudanças
cap-share-silent = o compartilhamento só dá leitura a este usuário
cap-share-denied = o compartilhamento nega a escrita ({ $by })
cap-share-masked = a máscara do compartilhamento retira a escrita
cap-folder-silent = a pasta só dá leitura a este usuário
cap-folder-denied = a pasta nega a escrita ({ $by })
cap-folder-masked = a máscara da pasta retira a escrita

refusal-disabled = o compartilhamento está desativado
refusal-locked = o volume está bloqueado por criptografia
refusal-time-machine = reservado para cópias de segurança (Time Machine)
refusal-share-silent = o compartilhamento não inclui este usuário
refusal-share-denied = o compartilhamento nega o acesso ({ $by })
refusal-share-masked = a máscara do compartilhamento retira o acesso
refusal-parent-silent = a pasta { $path } não pode ser atravessada
refusal-parent-denied = a pasta { $path } não pode ser atravessada, ela nega a passagem ({ $by })
refusal-parent-masked = a pasta { $path } não pode ser atravessada, a máscara dela retira a passagem
refusal-folder-missing = a pasta { $path } não existe
refusal-folder-silent = a pasta não dá acesso a este usuário
refusal-folder-denied = a pasta nega o acesso ({ $by })
refusal-folder-masked = a máscara da pasta retira o acesso

doubt-lock = o TrueNAS não informou se o volume está bloqueado
doubt-share-list = a lista de permissões do compartilhamento não pôde ser lida
doubt-custom-entry = o compartilhamento tem uma permissão personalizada que não pode ser interpretada ({ $by })
doubt-unknown-entry = o compartilhamento tem uma restrição, e não se sabe se ela vale para este usuário
doubt-folder = a lista de permissões da pasta { $path } não pôde ser lida
doubt-path = o caminho do compartilhamento não pôde ser interpretado

hint-hidden = oculto na rede: não é oferecido aos usuários, mas quem sabe o nome consegue abrir
hint-hosts-limited = só alguns computadores podem se conectar a este compartilhamento
hint-time-locked = cada arquivo só pode ser alterado por pouco tempo depois de criado
hint-not-verified = a pasta está em outro servidor; as permissões dela não foram verificadas
