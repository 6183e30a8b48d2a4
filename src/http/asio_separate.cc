// The one place where the code of Asio and Beast that needs no templates is compiled.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
