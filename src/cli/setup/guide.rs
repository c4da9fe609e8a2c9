//! Where to create the account, the privilege and the key in TrueNAS.

pub const INTRODUCTION: &str = "\
O Farol fala com o TrueNAS por uma conta só de leitura e uma chave da API.
Como criá-las: farol setup --guide

";

pub const TEXT: &str = "\
Como dar ao Farol acesso de leitura ao TrueNAS

TrueNAS 25.04 e mais novos
  1. Grupo: Credentials > Groups > Add. Nome, por exemplo, farol.
  2. Privilégio: Credentials > Groups > Privileges > Add. Em Groups, farol; em Roles,
     Readonly Admin; Web Shell Access desligado. Mais restrito, pela API
     (privilege.create), só os papéis: ACCOUNT_READ, SHARING_SMB_READ,
     FILESYSTEM_ATTRS_READ, SYSTEM_GENERAL_READ, ALERT_LIST_READ, POOL_READ,
     SERVICE_READ.
  3. Conta: Credentials > Users > Add. Nome svc-farol, no grupo farol, sem SMB,
     sem shell, com uma senha longa que ninguém guarda.
  4. Chave: Credentials > Users, escolha svc-farol, Access > Add API Key; ou, com
     um administrador, My API Keys (menu do usuário, canto superior direito) > Add,
     com Username svc-farol. A chave aparece uma única vez.

TrueNAS 24.10 e mais antigos
  1. Chave: menu do usuário (canto superior direito) > API Keys > Add. Ela pertence
     ao sistema, não a uma conta: deixe a conta vazia em farol setup.
  2. Uma chave criada assim pode tudo. Para uma que só lê, em System > Shell:
     midclt call api_key.create '{\"name\": \"farol\", \"allowlist\": [
       {\"method\": \"GET\",  \"resource\": \"/user\"},
       {\"method\": \"POST\", \"resource\": \"/user/get_user_obj\"},
       {\"method\": \"GET\",  \"resource\": \"/group\"},
       {\"method\": \"GET\",  \"resource\": \"/sharing/smb\"},
       {\"method\": \"POST\", \"resource\": \"/sharing/smb/getacl\"},
       {\"method\": \"GET\",  \"resource\": \"/smb/sharesec\"},
       {\"method\": \"POST\", \"resource\": \"/filesystem/getacl\"},
       {\"method\": \"POST\", \"resource\": \"/filesystem/stat\"},
       {\"method\": \"GET\",  \"resource\": \"/system/state\"},
       {\"method\": \"GET\",  \"resource\": \"/system/info\"},
       {\"method\": \"GET\",  \"resource\": \"/alert/list\"},
       {\"method\": \"GET\",  \"resource\": \"/pool\"},
       {\"method\": \"GET\",  \"resource\": \"/service\"}]}'

Só para conferir senhas com truenas-api (com smb, nada disto é preciso)
  1. Ponha os funcionários num grupo; o número dele (GID) está em Credentials > Groups.
  2. Dê a esse grupo um privilégio sem nenhum papel, em System > Shell, com o número
     no lugar de GID (até a versão 23.10, acrescente \"allowlist\": []):
     midclt call privilege.create '{\"name\": \"farol-entrada\", \"local_groups\": [GID],
       \"ds_groups\": [], \"roles\": [], \"web_shell\": false}'
     Assim cada um só alcança a própria conta.
  3. Até a versão 24.10, uma chave que só lê precisa de mais uma permissão:
       {\"method\": \"POST\", \"resource\": \"/auth/check_password\"}

Depois
  Guarde a chave num arquivo que só você lê e rode:
  farol setup --url https://ENDEREÇO --username svc-farol --api-key-file ARQUIVO
  (até a versão 24.10, sem --username)
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::truenas::Need;

    #[test]
    fn a_key_made_as_the_guide_says_is_enough_for_every_need() {
        for need in Need::ALL {
            for path in need.rest_paths() {
                assert!(TEXT.contains(&format!("\"resource\": \"{path}\"")), "{path}");
            }
            assert!(TEXT.contains(need.role()) || need == Need::Release, "{}", need.role());
        }
    }
}
